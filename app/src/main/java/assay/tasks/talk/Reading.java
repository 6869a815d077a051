package assay.tasks.talk;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What all columns made of one answer, token by token: each was shown the same text.
///
/// @param column who wrote it
/// @param places one per token
public record Reading(Column column, List<Place> places) {
    /// Keeps its own copy.
    public Reading {
        places = List.copyOf(places);
    }

    /// A token and what stood in its place.
    ///
    /// @param text the token as it reads
    /// @param columns what each column expected there
    /// @param klBase KL(target‖base), nats
    /// @param klMixture KL(target‖mixture), nats; NaN without a mixture
    /// @param why which prompt spoke, if there is a mixture
    public record Place(
            int place,
            int token,
            String text,
            Map<Column, Expected> columns,
            double klBase,
            double klMixture,
            Optional<Why> why) {
        /// Keeps its own copy.
        public Place {
            columns = Map.copyOf(columns);
        }
    }

    /// What a column expected.
    ///
    /// @param probability of the token that stands there, at temperature 1 and without top-p
    /// @param likeliest tokens, most likely first
    public record Expected(double probability, List<Choice> likeliest) {}

    /// A token that might have stood there.
    public record Choice(int token, String text, double probability) {}

    /// What the mixture's lead of a token over its runner-up is made of, in logits (nats).
    ///
    /// `difference = base + Σ shares`: with `d = W_token − W_rival`, the base gives `d·h₀` and each prompt
    /// `w·d·(h − h₀)`.
    ///
    /// @param rival the likeliest other token
    /// @param difference logit of the token minus the rival's; below 0 where another token was likelier
    public record Why(int rival, String rivalText, double difference, double base, List<Share> shares) {
        /// The prompt that spoke loudest for the token; none where none spoke for it.
        public Optional<Share> loudest() {
            return shares.stream().filter(share -> share.nats() > 0).max(Comparator.comparingDouble(Share::nats));
        }
    }

    /// What a prompt added.
    ///
    /// @param index of the prompt in the list, from 0
    public record Share(int index, String prompt, double nats) {}
}
