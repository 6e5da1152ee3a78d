"""The owner of the bars: a home in a room where codingplan-bar is installed and a stand-in console answers."""
