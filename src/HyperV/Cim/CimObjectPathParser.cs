using System.Globalization;
using System.Text;

namespace HostAgent.HyperV.Cim;

/// <summary>Parses the text form of a CIM object path and reports where it is malformed.</summary>
internal static class CimObjectPathParser
{
    public static CimObjectPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text;
        string? server = null;
        string? namespaceName = null;
        if (rest.StartsWith(@"\\", StringComparison.Ordinal) || rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.IndexOfAny(['\\', '/'], 2);
            if (end < 3)
            {
                throw Malformed(text, "a server name must be followed by a namespace");
            }

            server = rest[2..end];
            rest = rest[(end + 1)..];
        }

        var quote = rest.IndexOf('"', StringComparison.Ordinal);
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && (quote < 0 || colon < quote))
        {
            namespaceName = rest[..colon].Replace('/', '\\');
            rest = rest[(colon + 1)..];
        }
        else if (server is not null)
        {
            throw Malformed(text, "the namespace must end with ':'");
        }

        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        var className = dot < 0 ? rest : rest[..dot];
        if (className.EndsWith("=@", StringComparison.Ordinal))
        {
            className = className[..^2];
        }

        if (className.Length == 0 || !className.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw Malformed(text, $"'{className}' is not a class name");
        }

        var keys = dot < 0 ? [] : ParseKeys(text, rest[(dot + 1)..]);
        return new CimObjectPath(className, keys, namespaceName, server);
    }

    private static List<KeyValuePair<string, object>> ParseKeys(string whole, string text)
    {
        var keys = new List<KeyValuePair<string, object>>();
        var position = 0;
        while (true)
        {
            var equals = text.IndexOf('=', position);
            if (equals <= position)
            {
                throw Malformed(whole, "a key must have the form Name=value");
            }

            var name = text[position..equals];
            position = equals + 1;
            keys.Add(new(name, ParseValue(whole, text, ref position)));
            if (position == text.Length)
            {
                return keys;
            }

            if (text[position] != ',')
            {
                throw Malformed(whole, $"expected ',' after key {name}");
            }

            position++;
        }
    }

    private static object ParseValue(string whole, string text, ref int position)
    {
        if (position < text.Length && text[position] == '"')
        {
            return ParseQuoted(whole, text, ref position);
        }

        var end = text.IndexOf(',', position);
        var token = end < 0 ? text[position..] : text[position..end];
        position += token.Length;
        if (bool.TryParse(token, out var flag))
        {
            return flag;
        }

        return long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Malformed(whole, $"'{token}' is not a quoted string, a number or a boolean");
    }

    private static string ParseQuoted(string whole, string text, ref int position)
    {
        var value = new StringBuilder();
        for (position++; position < text.Length; position++)
        {
            switch (text[position])
            {
                case '\\' when position + 1 < text.Length:
                    value.Append(text[++position]);
                    break;
                case '"':
                    position++;
                    return value.ToString();
                case var character:
                    value.Append(character);
                    break;
            }
        }

        throw Malformed(whole, "a quoted key value has no closing quote");
    }

    private static FormatException Malformed(string text, string why)
        => new($"'{text}' is not a CIM object path: {why}.");
}
