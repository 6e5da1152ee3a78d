"""Real browsers, headless, on fresh profiles, in front of a console of the tests."""
