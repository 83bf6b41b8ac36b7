using System.Globalization;

namespace HostAgent.Documents;

/// <summary>A count or a percentage of some whole.</summary>
/// <param name="Number">The count, or the percentage.</param>
/// <param name="IsPercentage">Whether the number is a percentage.</param>
public readonly record struct Amount(int Number, bool IsPercentage)
{
    /// <summary>Makes a count.</summary>
    /// <param name="number">The count.</param>
    /// <returns>The amount.</returns>
    public static Amount Count(int number) => new(number, IsPercentage: false);

    /// <summary>Makes a percentage.</summary>
    /// <param name="number">0 to 100.</param>
    /// <returns>The amount.</returns>
    public static Amount Percent(int number) => new(number, IsPercentage: true);

    /// <summary>The amount as a count: a percentage is rounded down.</summary>
    /// <param name="whole">What the percentage is of.</param>
    /// <param name="leastOfPercentage">What a percentage above zero gives at least: 1 for limits and <c>take</c>, 0 for tolerance.</param>
    /// <returns>The count.</returns>
    public int Of(int whole, int leastOfPercentage)
        => !IsPercentage ? Number
        : Number == 0 ? 0
        : Math.Max(leastOfPercentage, (int)((long)whole * Number / 100));

    /// <summary>Reads <c>20</c> or <c>5%</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="amount">The amount.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryRead(string text, out Amount amount)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isPercentage = text.EndsWith('%');
        var digits = isPercentage ? text.AsSpan(0, text.Length - 1) : text.AsSpan();
        var read = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        amount = new Amount(number, isPercentage);
        return read;
    }

    /// <inheritdoc/>
    public override string ToString()
        => Number.ToString(CultureInfo.InvariantCulture) + (IsPercentage ? "%" : string.Empty);
}
