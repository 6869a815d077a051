package assay.engine.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parsed form of a chat template.
public sealed interface Node {
    /// Something that writes text or changes variables.
    sealed interface Statement extends Node {}

    /// Something that has a value.
    sealed interface Expression extends Node {}

    /// Literal template text.
    record Text(String text) implements Statement {}

    /// `{{ value }}`.
    record Print(Expression value) implements Statement {}

    /// `{% if %}` with its `elif`s; `otherwise` is the `else`.
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /// One condition of an [If] and what it guards.
    record Branch(Expression condition, List<Statement> body) {}

    /// `{% for targets in items if filter %}`; `otherwise` runs when nothing is left to loop over.
    record For(
            List<String> targets,
            Expression items,
            Optional<Expression> filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /// `{% set a, b = value %}`, or with an attribute `{% set namespace.attribute = value %}`.
    record Assign(List<String> targets, Optional<String> attribute, Expression value) implements Statement {}

    /// `{% set name %}…{% endset %}`.
    record Capture(String name, List<Statement> body) implements Statement {}

    /// `{% macro name(parameters) %}`.
    record Macro(String name, List<Parameter> parameters, List<Statement> body) implements Statement {}

    /// A macro's parameter with the value it has when not given.
    record Parameter(String name, Optional<Expression> standard) {}

    /// Statements run in the surrounding scope; what `{% generation %}` marks.
    record Group(List<Statement> body) implements Statement {}

    /// `{% break %}` or `{% continue %}`.
    record Jump(boolean leaves) implements Statement {}

    /// A constant.
    record Literal(Object value) implements Expression {}

    /// A variable.
    record Name(String name) implements Expression {}

    /// `[a, b]` or `(a, b)`.
    record Items(List<Expression> items, boolean tuple) implements Expression {}

    /// `{a: b}`.
    record Pairs(List<Pair> pairs) implements Expression {}

    /// One entry of a mapping.
    record Pair(Expression key, Expression value) {}

    /// `owner.name`.
    record Attribute(Expression owner, String name) implements Expression {}

    /// `owner[key]`.
    record Index(Expression owner, Expression key) implements Expression {}

    /// `owner[start:stop:step]`.
    record Slice(Expression owner, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    /// `callee(arguments)`.
    record Call(Expression callee, Arguments arguments) implements Expression {}

    /// What stands between the parentheses of a call.
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }

    /// `input | name(arguments)`.
    record Filter(Expression input, String name, Arguments arguments) implements Expression {}

    /// `input is [not] name arguments`.
    record Test(Expression input, String name, List<Expression> arguments, boolean negated) implements Expression {}

    /// `not a`, `-a`, `+a`.
    record Unary(String operator, Expression operand) implements Expression {}

    /// `a operator b` for arithmetic, `~`, `and`, `or`.
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /// `first operator a operator b …`, as Python chains comparisons.
    record Comparison(Expression first, List<Step> steps) implements Expression {}

    /// One link of a [Comparison].
    record Step(String operator, Expression value) {}

    /// `then if condition else otherwise`.
    record Conditional(Expression then, Expression condition, Optional<Expression> otherwise) implements Expression {}
}
