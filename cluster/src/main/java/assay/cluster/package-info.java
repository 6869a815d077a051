/// Assay's long runs on Apache Spark: start at [ClusterMain]. Knows how pieces reach machines and
/// come back; what a piece is and what becomes of it are affairs of `app`, which knows nothing of
/// this.
@NullMarked
package assay.cluster;

import org.jspecify.annotations.NullMarked;
