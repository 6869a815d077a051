package assay.engine.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parsed form of a chat template.
sealed interface Node {
    /// Something that writes text or changes variables.
    sealed interface Statement extends Node {}

    /// Something that has a value.
    sealed interface Expression extends Node {}

    record Text(String text) implements Statement {}

    /// `{{ value }}`.
    record Print(Expression value) implements Statement {}

    /// `{% if %}` with its `elif`s; `otherwise` is the `else`.
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /// One condition of an [If] and what it guards.
    record Branch(Expression condition, List<Statement> body) {}

    /// `{% for target in items if filter %}`; `otherwise` runs when no turn was run to its end.
    ///
    /// @param target a [Name], or [Items] of targets
    record For(Expression target, Expression items, Expression filter, List<Statement> body, List<Statement> otherwise)
            implements Statement {}

    /// `{% set target = value %}`.
    ///
    /// @param target a [Name], the [Attribute] of a namespace, or [Items] of targets
    record Assign(Expression target, Expression value) implements Statement {}

    /// `{% set target | filters %}…{% endset %}`, or `{% filter filters %}…{% endfilter %}` without a target.
    ///
    /// @param filtered the filters, on a variable called [#INSIDE]
    record Capture(Optional<Expression> target, Expression filtered, List<Statement> body) implements Statement {
        /// What the text inside is called while it is filtered; no template can write this name.
        static final String INSIDE = "{% %}";
    }

    /// `{% macro name(parameters) %}`, and the inside of `{% call(parameters) … %}`.
    ///
    /// @param takesCaller whether it reads `caller`
    record Macro(String name, List<Parameter> parameters, boolean takesCaller, List<Statement> body)
            implements Statement {}

    /// `{% call(parameters) called %}inside{% endcall %}`.
    record CallBlock(Call called, Macro inside) implements Statement {}

    /// A macro's parameter with the value it has when not given.
    record Parameter(String name, Expression standard) {}

    /// Statements with a scope of their own; what `{% generation %}` marks.
    record Group(List<Statement> body) implements Statement {}

    /// `{% break %}` or `{% continue %}`.
    record Jump(boolean leaves) implements Statement {}

    record Literal(Object value) implements Expression {
        static Literal undefined(String what) {
            return new Literal(new Values.Undefined(what));
        }
    }

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

    /// `owner[start:stop:step]`, with `none` for what is not written.
    record Slice(Expression owner, Expression start, Expression stop, Expression step) implements Expression {}

    /// `callee(arguments)`.
    record Call(Expression callee, Arguments arguments) implements Expression {}

    /// `*value` among the arguments of a call: its items are arguments.
    record Spread(Expression value) implements Expression {}

    /// What stands between the parentheses of a call; `**value` is under the name [#MORE].
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final String MORE = "**";
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
    record Conditional(Expression then, Expression condition, Expression otherwise) implements Expression {}
}
