//! Requests to the server: one typed function for each endpoint that the dashboard uses, and no other.
