using System.Globalization;
using System.Net;

namespace HostAgent.Hosting.Settings;

/// <summary>What values a setting may have. An unset setting is allowed unless <see cref="IsRequired"/>; of a list, each element is checked.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class SettingRuleAttribute : Attribute
{
    /// <summary>Whether the setting must have a value.</summary>
    /// <value>The default is false.</value>
    public bool IsRequired { get; init; }

    /// <summary>What a value must be; completes the sentence "it must be …".</summary>
    public abstract string Allowed { get; }

    /// <summary>Whether a value is allowed.</summary>
    /// <param name="value">The value, of the property's type.</param>
    /// <returns>True when it is.</returns>
    public abstract bool Accepts(object value);
}

/// <summary>A whole number in a range.</summary>
/// <param name="minimum">The smallest value.</param>
/// <param name="maximum">The largest value.</param>
public sealed class WholeNumberAttribute(long minimum, long maximum) : SettingRuleAttribute
{
    /// <summary>The smallest value.</summary>
    public long Minimum => minimum;

    /// <summary>The largest value.</summary>
    public long Maximum => maximum;

    /// <summary>What is counted, such as <c>bytes</c>; null when the setting's name says it.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number {(Unit is null ? "" : $"of {Unit} ")}from {minimum} to {maximum}");

    /// <inheritdoc/>
    public override bool Accepts(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && number >= minimum && number <= maximum;
}

/// <summary>A number in a range.</summary>
/// <param name="minimum">The smallest value.</param>
/// <param name="maximum">The largest value.</param>
public sealed class NumberAttribute(double minimum, double maximum) : SettingRuleAttribute
{
    /// <summary>The smallest value.</summary>
    public double Minimum => minimum;

    /// <summary>The largest value.</summary>
    public double Maximum => maximum;

    /// <summary>Whether the smallest value itself is not allowed.</summary>
    public bool MinimumIsExclusive { get; init; }

    /// <inheritdoc/>
    public override string Allowed
        => string.Create(CultureInfo.InvariantCulture, $"a number {(MinimumIsExclusive ? "above" : "from")} {minimum}{(MinimumIsExclusive ? ", at most" : " to")} {maximum}");

    /// <inheritdoc/>
    public override bool Accepts(object value)
        => Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number <= maximum && (MinimumIsExclusive ? number > minimum : number >= minimum);
}

/// <summary>A duration in a range.</summary>
/// <param name="minimum">The shortest value, as <c>d.hh:mm:ss</c>.</param>
/// <param name="maximum">The longest value, as <c>d.hh:mm:ss</c>; null for no limit.</param>
public sealed class DurationAttribute(string minimum, string? maximum = null) : SettingRuleAttribute
{
    private readonly TimeSpan _shortest = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
    private readonly TimeSpan _longest = maximum is null ? TimeSpan.MaxValue : TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);

    /// <summary>The shortest value.</summary>
    public string Minimum => minimum;

    /// <summary>The longest value; null for no limit.</summary>
    public string? Maximum => maximum;

    /// <inheritdoc/>
    public override string Allowed => maximum is null ? $"a time (d.hh:mm:ss) of at least {minimum}" : $"a time (d.hh:mm:ss) from {minimum} to {maximum}";

    /// <inheritdoc/>
    public override bool Accepts(object value) => value is TimeSpan time && time >= _shortest && time <= _longest;
}

/// <summary>An IP address with a port.</summary>
/// <param name="examples">Examples for the message.</param>
public sealed class EndPointAttribute(string examples) : SettingRuleAttribute
{
    /// <summary>Examples for the message.</summary>
    public string Examples => examples;

    /// <inheritdoc/>
    public override string Allowed => $"an IP address and a port, such as {examples}";

    /// <inheritdoc/>
    public override bool Accepts(object value) => value is string text && IPEndPoint.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal);
}

/// <summary>A text that is not blank.</summary>
/// <param name="what">What the text is, such as <c>a directory</c>.</param>
public sealed class NotBlankAttribute(string what) : SettingRuleAttribute
{
    /// <summary>What the text is.</summary>
    public string What => what;

    /// <inheritdoc/>
    public override string Allowed => what;

    /// <inheritdoc/>
    public override bool Accepts(object value) => value is string text && !string.IsNullOrWhiteSpace(text);
}

/// <summary>One of a few words.</summary>
/// <param name="words">The words.</param>
public sealed class OneOfAttribute(params string[] words) : SettingRuleAttribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;

    /// <inheritdoc/>
    public override string Allowed => string.Join(" or ", words);

    /// <inheritdoc/>
    public override bool Accepts(object value) => value is string word && words.Contains(word, StringComparer.Ordinal);
}

/// <summary>The path of a file that exists.</summary>
/// <param name="what">What the file is, such as <c>the inventory of hosts</c>.</param>
public sealed class ExistingFileAttribute(string what) : SettingRuleAttribute
{
    /// <summary>What the file is.</summary>
    public string What => what;

    /// <inheritdoc/>
    public override string Allowed => $"the path of an existing file, {what}";

    /// <inheritdoc/>
    public override bool Accepts(object value) => value is string path && File.Exists(path);
}

/// <summary>Settings that are together a setting of others: a section in their section.</summary>
public interface ISettingsGroup;

/// <summary>Settings with rules over more than one of them.</summary>
public interface ISettingsRules
{
    /// <summary>Checks the settings. What concerns a setting that could not be read is ignored.</summary>
    /// <returns>What is wrong.</returns>
    IEnumerable<SettingError> Check();
}

/// <summary>A setting whose value is not allowed.</summary>
/// <param name="Key">The setting, without its section.</param>
/// <param name="Value">Its value; null or empty when it is not set.</param>
/// <param name="Allowed">What it must be; completes the sentence "it must be …".</param>
public sealed record SettingError(string Key, object? Value, string Allowed)
{
    /// <summary>The error as a line.</summary>
    /// <param name="section">The section of the setting.</param>
    /// <returns>One sentence that names the setting, the value and what is allowed.</returns>
    public string ToLine(string section) => Convert.ToString(Value, CultureInfo.InvariantCulture) is { Length: > 0 } value
        ? $"{section}:{Key} is '{value}'; it must be {Allowed}."
        : $"{section}:{Key} is not set; it must be {Allowed}.";
}
