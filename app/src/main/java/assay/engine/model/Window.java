package assay.engine.model;

import org.bytedeco.pytorch.Tensor;

/// Some columns of queries and the keys they may look at, so that scores of a long context never exist all
/// at once.
///
/// @param from first query column
/// @param count query columns
/// @param keys how many keys, from the first on, any of these queries can see
/// @param mask `[batch or 1, 1, column, key]` float32: 0 where a query sees a key, −∞ where not
record Window(int from, int count, int keys, Tensor mask) {}
