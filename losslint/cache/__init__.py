"""What is kept between runs. Nothing here knows what it is that is kept, and nothing that is read is ever executed."""
