//! Nothing: the tests stand for the project.
