namespace HostAgent.Documents;

/// <content>Texts that must be one of a few.</content>
public sealed partial class Field
{
    /// <summary>Reads a text that must be one of a few.</summary>
    /// <param name="choices">The texts that are allowed; compared exactly.</param>
    /// <returns>The text; null when absent or not fitting.</returns>
    public string? Choice(params IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        _schema?.Set(choices.Count == 1 ? "const" : "enum", choices.Count == 1 ? choices[0] : PlaceSchema.ToJson(choices));
        return ChoiceOf(choices, choices.Count == 1 ? choices[0] : "one of " + string.Join(", ", choices));
    }

    /// <summary>Reads a text that names a value of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="choices">Each text with its value; compared exactly.</param>
    /// <param name="allowed">What is allowed, for the message; null for the choices.</param>
    /// <returns>The value; null when absent or not fitting.</returns>
    public T? Choice<T>(IReadOnlyDictionary<string, T> choices, string? allowed = null)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(choices);
        _schema?.SetChoice(choices.Keys);
        return ChoiceOf([.. choices.Keys], allowed ?? (choices.Count == 1 ? choices.Keys.First() : "one of " + string.Join(", ", choices.Keys))) is { } text ? choices[text] : null;
    }

    /// <summary>Reads a text that names a value of a type, with a value for an absent one.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="choices">Each text with its value; compared exactly.</param>
    /// <param name="fallback">The value when absent or not fitting; one of the choices.</param>
    /// <returns>The value.</returns>
    public T Choice<T>(IReadOnlyDictionary<string, T> choices, T fallback)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(choices);
        return Choice(choices) ?? WithDefault(fallback, choices.First(choice => choice.Value.Equals(fallback)).Key);
    }

    /// <summary>Reads a list of texts that name values of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="choices">Each text with its value; compared exactly.</param>
    /// <param name="minimum">The least number of elements when the list is there at all.</param>
    /// <returns>The values; null when absent.</returns>
    public IReadOnlyList<T>? ChoiceList<T>(IReadOnlyDictionary<string, T> choices, int minimum = 0)
        where T : struct
    {
        var values = new List<T>();
        foreach (var element in Elements(minimum, DocumentLimits.List))
        {
            if (element.Choice(choices) is { } value)
            {
                values.Add(value);
            }
        }

        return _node is null ? null : values;
    }

    /// <summary>Reads a list that has each of a few texts exactly once, in the author's order.</summary>
    /// <typeparam name="T">The type that they name.</typeparam>
    /// <param name="choices">Each text with its value; compared exactly.</param>
    /// <returns>The values; null when absent.</returns>
    public IReadOnlyList<T>? Order<T>(IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(choices);
        var values = ChoiceList(choices);
        _schema?.Set("minItems", choices.Count);
        _schema?.Set("maxItems", choices.Count);
        _schema?.Set("uniqueItems", true);
        if (values is not null && !values.Order().SequenceEqual(choices.Values.Order()))
        {
            Reject($"each of {string.Join(", ", choices.Keys)} exactly once");
        }

        return values;
    }

    private string? ChoiceOf(IReadOnlyList<string> choices, string allowed)
    {
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (choices.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Reject(allowed);
        return null;
    }
}
