"""The provider's console as a stand-in on loopback: what `demo` and the tests run the real fetcher against.

It shares no table and no code with the fetcher, so that the two cannot be wrong together.
"""
