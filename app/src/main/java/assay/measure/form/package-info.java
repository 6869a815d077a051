/// How behaviours write rather than what about: kinds of form as sets of tokens, and what is expected of each, read off
/// probabilities. Knows neither prompts nor what a decomposition is.
@NullMarked
package assay.measure.form;

import org.jspecify.annotations.NullMarked;
