"""Models of the bars' grammars: bytes that a command prints -> what that bar makes of them. They know no adapter."""
