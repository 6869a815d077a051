/// A small web server that strangers cannot harm: who may come in, how much they may send, streams that
/// go on where they broke off. Knows nothing of models, runs or pages.
@NullMarked
package assay.web.http;

import org.jspecify.annotations.NullMarked;
