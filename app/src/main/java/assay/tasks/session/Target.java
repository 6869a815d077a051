package assay.tasks.session;

import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Explanation.Kind;

/// What is to be explained.
///
/// @param kind what kind of behaviour it is
/// @param name what to call it: adapter folder or prompt text
/// @param description details for the reader
/// @param behaviour how to run it
/// @param sha256 hash of the file or text it was read from
public record Target(Kind kind, String name, String description, Behaviour behaviour, String sha256) {}
