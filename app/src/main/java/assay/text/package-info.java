/// Text and token ids: the tokenizer, the chat template, and the slot a prompt sits in.
/// Knows nothing of torch, weights or what a model does with the ids.
/// The template interpreter is ours because the Java library for it, jinjava, renders 235 of the 285 plain
/// golden chats of jinja.cpp's collection, and this one all 285.
@NullMarked
package assay.text;

import org.jspecify.annotations.NullMarked;
