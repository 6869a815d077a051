/// A shelf of adapters, one row each: start at [CensusRun]. Knows how one adapter is explained and
/// how rows are kept and told; who works on them, this process or many machines, is a [Crew]'s
/// affair.
@NullMarked
package assay.tasks.census;

import org.jspecify.annotations.NullMarked;
