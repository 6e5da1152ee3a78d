"""codingplan-bar: how much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have."""

__version__ = "0.1.0"
