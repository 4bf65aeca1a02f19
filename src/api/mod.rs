//! The server's answers, spelled as the server spells them, and their conversion to the model.
