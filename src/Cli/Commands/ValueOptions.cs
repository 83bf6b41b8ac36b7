using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Numerics;

namespace HostAgent.Cli.Commands;

/// <summary>Options whose values are words of a closed list; a wrong one is answered with the list on one line.</summary>
internal static class ChoiceOption
{
    /// <summary>One of the values, by its word without regard to case.</summary>
    public static Option<TChoice> One<TChoice>(string name, string description, params IReadOnlyList<(string Word, TChoice Value)> choices)
    {
        var option = new Option<TChoice>(name)
        {
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            Description = description,
            CustomParser = argument =>
            {
                var given = argument.Tokens[0].Value;
                foreach (var (word, value) in choices)
                {
                    if (string.Equals(word, given, StringComparison.OrdinalIgnoreCase))
                    {
                        return value;
                    }
                }

                argument.AddError($"{name}: \"{given}\" is not one of {string.Join(", ", choices.Select(choice => choice.Word))}.");
                return default!;
            },
        };

        // The library offers an enumeration's own names, which are not the words.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => choices.Select(choice => new CompletionItem(choice.Word)));
        return option;
    }

    /// <summary>Any number of states by their words.</summary>
    public static Option<TState[]> States<TState>(string description)
        where TState : struct, Enum
        => new("--state")
        {
            HelpName = "STATE",
            Description = $"{description} One of {string.Join(", ", EnumWord.All<TState>())}; may be given several times.",
            CompletionSources = { _ => EnumWord.All<TState>().Select(word => new CompletionItem(word)) },
            CustomParser = argument =>
            {
                List<TState> states = [];
                foreach (var token in argument.Tokens)
                {
                    if (EnumWord.Parse<TState>(token.Value) is { } state)
                    {
                        states.Add(state);
                    }
                    else
                    {
                        argument.AddError($"--state: \"{token.Value}\" is not one of {string.Join(", ", EnumWord.All<TState>())}.");
                    }
                }

                return [.. states];
            },
        };
}

/// <summary>Options that are numbers within a range; a wrong one is answered with the range.</summary>
internal static class NumberOption
{
    /// <summary>A number with a default, from a smallest to a largest allowed.</summary>
    public static Option<TNumber> Create<TNumber>(string name, string description, TNumber unlessGiven, TNumber smallest, TNumber largest)
        where TNumber : INumber<TNumber>
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{smallest} to {largest}");
        return new Option<TNumber>(name)
        {
            HelpName = "N",
            Description = $"{description}, {range}.",
            DefaultValueFactory = _ => unlessGiven,
            CustomParser = argument =>
            {
                var given = argument.Tokens[0].Value;
                if (TNumber.TryParse(given, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number >= smallest && number <= largest)
                {
                    return number;
                }

                argument.AddError($"{name}: \"{given}\" is not allowed; expected a number from {range}.");
                return unlessGiven;
            },
        };
    }
}
