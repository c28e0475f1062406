//! A simulator behind a socket, for the local run and for tests through the real binaries.
