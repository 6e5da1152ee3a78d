"""What `demo` needs: a made-up plan, and the provider's answers to it."""
