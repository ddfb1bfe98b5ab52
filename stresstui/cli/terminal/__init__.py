"""What a command says, how it refuses, and streams whose reader may have gone."""
