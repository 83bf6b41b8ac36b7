using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace HostAgent.Cli.Commands;

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

                argument.AddError($"{name}: \"{given}\" is not allowed: a number from {range} is needed.");
                return unlessGiven;
            },
        };
    }
}
