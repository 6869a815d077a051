/// An optional reader that compares sentences by their embeddings. Knows the tool's reading room; the
/// tool finds it through the service loader and never names it.
@NullMarked
package assay.reader;

import org.jspecify.annotations.NullMarked;
