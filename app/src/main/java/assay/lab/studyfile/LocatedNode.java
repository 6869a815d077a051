package assay.lab.studyfile;

import java.util.List;

/// A piece of a JSON file that knows its line, so that whatever is wrong with it can be found.
sealed interface LocatedNode {
    /// Line it begins in, from 1.
    int line();

    /// What it is, for messages.
    String found();

    /// An object; a key given twice is there twice.
    record Mapping(int line, List<Member> members) implements LocatedNode {
        /// Keeps its own copy.
        public Mapping {
            members = List.copyOf(members);
        }

        @Override
        public String found() {
            return "an object";
        }
    }

    /// One key of an object.
    ///
    /// @param line of the key
    record Member(int line, String key, LocatedNode value) {}

    /// A list.
    record Items(int line, List<LocatedNode> nodes) implements LocatedNode {
        /// Keeps its own copy.
        public Items {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String found() {
            return "a list";
        }
    }

    /// A string.
    record Text(int line, String value) implements LocatedNode {
        private static final int LONGEST_SHOWN = 40;

        @Override
        public String found() {
            return "\"" + (value.length() > LONGEST_SHOWN ? value.substring(0, LONGEST_SHOWN) + "…" : value) + "\"";
        }
    }

    /// A number, as it is written.
    record Numeral(int line, String digits) implements LocatedNode {
        @Override
        public String found() {
            return digits;
        }
    }

    /// `true`, `false` or `null`.
    record Word(int line, String word) implements LocatedNode {
        @Override
        public String found() {
            return word;
        }
    }
}
