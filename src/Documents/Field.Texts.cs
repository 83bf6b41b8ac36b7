using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HostAgent.Texts;

namespace HostAgent.Documents;

/// <content>Texts: free ones, names, and forms of their own.</content>
public sealed partial class Field
{
    private const string NamePattern = @"^\S(.*\S)?$";
    private const string EmptyOrNamePattern = @"^(\S(.*\S)?)?$";

    /// <summary>Reads a text. Numbers and booleans are texts too.</summary>
    /// <param name="minimumLength">The fewest characters.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The text; null when absent or not fitting.</returns>
    public string? Text(int minimumLength = 1, int maximumLength = 1024)
    {
        var allowed = minimumLength == 0 ? $"a text of at most {maximumLength} characters" : $"a text of {minimumLength} to {maximumLength} characters";
        _schema?.SetText(minimumLength, maximumLength);
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (text.Length < minimumLength || text.Length > maximumLength || text.Any(char.IsControl))
        {
            Reject(allowed + " without control characters");
            return null;
        }

        return text;
    }

    /// <summary>
    /// Reads a name that other names are compared with: a text without blanks before or after it, which would make it another name that
    /// looks the same, and in Unicode's normal form C.
    /// </summary>
    /// <param name="minimumLength">The fewest characters.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The name; null when absent or not fitting.</returns>
    public string? Name(int minimumLength = 1, int maximumLength = 1024)
    {
        var value = Text(minimumLength, maximumLength);
        _schema?.Set("pattern", minimumLength == 0 ? EmptyOrNamePattern : NamePattern);
        if (value is not { } text)
        {
            return null;
        }

        if (!HasBlankEnds(text))
        {
            return NameText.Composed(text);
        }

        Reject("a text without blanks before or after it");
        return null;
    }

    /// <summary>Reads a text, with a value for an absent one.</summary>
    /// <param name="minimumLength">The fewest characters.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The text.</returns>
    public string Text(int minimumLength, int maximumLength, string fallback) => Text(minimumLength, maximumLength) ?? WithDefault(fallback);

    /// <summary>Reads a text that a pattern describes completely.</summary>
    /// <param name="pattern">The pattern, from <c>^</c> to <c>\z</c>, in what .NET and JSON Schema have in common. No number or boolean may match it.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The text; null when absent or not fitting.</returns>
    public string? Matching(Regex pattern, string allowed, int maximumLength = 1024)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _schema?.SetFormat(pattern.ToString().Replace(@"\z", "$", StringComparison.Ordinal));
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (text.Length <= maximumLength && pattern.IsMatch(text))
        {
            return text;
        }

        Reject(allowed);
        return null;
    }

    /// <summary>Reads a DNS name, which is no IP address.</summary>
    /// <param name="maximumLength">The most characters.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <returns>The name; null when absent or not fitting.</returns>
    public string? DnsName(int maximumLength, string allowed)
    {
        var name = Text(1, maximumLength);
        _schema?.Set("type", "string");
        _schema?.Set("not", new JsonObject { ["pattern"] = "^[0-9.]+$|:" });
        if (name is not null && Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            Reject(allowed);
            return null;
        }

        return name;
    }

    /// <summary>Reads a text of a form of its own.</summary>
    /// <typeparam name="T">What it describes.</typeparam>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <param name="definition">The name under which the document's schema declares the form.</param>
    /// <param name="pattern">The form as a pattern of JSON Schema, which allows nothing that <paramref name="parse"/> refuses.</param>
    /// <param name="description">What the schema says of the form.</param>
    /// <param name="parse">Reads the text; null when it does not fit.</param>
    /// <returns>The value; null when absent or not fitting.</returns>
    public T? Formatted<T>(string allowed, string definition, string pattern, string description, Func<string, T?> parse)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (_schema?.Refer(definition) is { } form)
        {
            form.Describe(description);
            form.SetFormat(pattern);
        }

        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Reject(allowed);
        }

        return value;
    }

    /// <summary>Reads a UUID in the 8-4-4-4-12 form; case does not matter, braces are not allowed.</summary>
    /// <returns>The UUID; null when absent or not fitting.</returns>
    public Guid? Uuid()
    {
        _schema?.SetFormat("^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$");
        return Parsed("a UUID such as 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10", text => Guid.TryParseExact(text, "D", out var uuid) ? uuid : (Guid?)null);
    }

    /// <summary>Reads an absolute URI.</summary>
    /// <param name="schemes">The schemes that are allowed, for example <c>https</c>.</param>
    /// <returns>The URI; null when absent or not fitting.</returns>
    public Uri? AbsoluteUri(params IReadOnlyList<string> schemes)
    {
        ArgumentNullException.ThrowIfNull(schemes);
        _schema?.SetFormat($"^({string.Join('|', schemes)}):");
        var allowed = "an absolute URI with the scheme " + string.Join(" or ", schemes);
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme, StringComparer.Ordinal))
        {
            return uri;
        }

        Reject(allowed);
        return null;
    }

    /// <summary>Reads a pattern with <c>*</c> (any characters) and <c>?</c> (one character), compared without case.</summary>
    /// <returns>The pattern; null when absent or not fitting.</returns>
    public Glob? Glob() => Text(1, 256) is { } text ? new Glob(text) : null;

    /// <summary>Reads a list of patterns.</summary>
    /// <param name="maximum">The greatest number of elements.</param>
    /// <returns>The patterns; empty when absent.</returns>
    public IReadOnlyList<Glob> GlobList(int maximum = DocumentLimits.List) => List(field => field.Glob(), maximum: maximum);

    /// <summary>Reads a list of UUIDs.</summary>
    /// <param name="maximum">The greatest number of elements.</param>
    /// <returns>The UUIDs; empty when absent.</returns>
    public IReadOnlyList<Guid> UuidList(int maximum = DocumentLimits.List)
    {
        var uuids = new List<Guid>();
        foreach (var element in Elements(minimum: 0, maximum))
        {
            if (element.Uuid() is { } uuid)
            {
                uuids.Add(uuid);
            }
        }

        return uuids;
    }

    private T WithDefault<T>(T fallback)
        where T : notnull
        => WithDefault(fallback, fallback);

    private T WithDefault<T>(T fallback, object written)
    {
        _schema?.SetDefault(written);
        return fallback;
    }

    private string? Scalar(string allowed)
    {
        switch (_node)
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar.Value;
            default:
                Reject(allowed);
                return null;
        }
    }

    private T? Parsed<T>(string allowed, Func<string, T?> parse)
        where T : struct
    {
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Reject(allowed);
        }

        return value;
    }
}
