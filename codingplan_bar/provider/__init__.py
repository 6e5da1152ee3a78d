"""Alibaba's protocol: addresses, requests, answers, and the order in which the sources are asked."""
