using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace HostAgent.HyperV.Cim;

/// <summary>
/// The path of one CIM object, in the form <c>\\SERVER\namespace:Class.Key="value",Other=1</c>.
/// Server and namespace may be absent (a relative path). Comparison ignores case of names and, as WMI does, of string keys.
/// </summary>
public sealed class CimObjectPath : IEquatable<CimObjectPath>
{
    private const int CommonLength = 256;

    private readonly SortedDictionary<string, object> _keys;

    /// <summary>Creates a path.</summary>
    /// <param name="className">The class.</param>
    /// <param name="keys">The key properties: strings, integers or booleans; empty for a class or singleton path.</param>
    /// <param name="namespaceName">For example <c>root\virtualization\v2</c>; null for a relative path.</param>
    /// <param name="server">The host's name; null for a path without one.</param>
    public CimObjectPath(
        string className, IEnumerable<KeyValuePair<string, object>> keys, string? namespaceName = null, string? server = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        ClassName = className;
        Namespace = namespaceName;
        Server = server;
        _keys = new SortedDictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in keys)
        {
            _keys[name] = value;
        }
    }

    /// <summary>The host's name, or null.</summary>
    public string? Server { get; }

    /// <summary>The namespace, or null for a relative path.</summary>
    public string? Namespace { get; }

    /// <summary>The class of the object.</summary>
    public string ClassName { get; }

    /// <summary>The key properties by name.</summary>
    public IReadOnlyDictionary<string, object> Keys => _keys;

    /// <summary>A path with a single string key, the most common kind.</summary>
    public static CimObjectPath ForKey(
        string className, string key, string value, string? namespaceName = null, string? server = null)
        => new(className, [new(key, value)], namespaceName, server);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is not a CIM object path; the message says where.</exception>
    public static CimObjectPath Parse(string text) => CimObjectPathParser.Parse(text);

    /// <summary>Reads a path; false when the text is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CimObjectPath? path)
    {
        try
        {
            path = Parse(text);
            return true;
        }
        catch (FormatException)
        {
            path = null;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(CimObjectPath? other) => other is not null && string.Equals(RelativePath(this), RelativePath(other), StringComparison.OrdinalIgnoreCase)
        && SameOrAbsent(Server, other.Server) && SameOrAbsent(Namespace, other.Namespace);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CimObjectPath);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(RelativePath(this));

    /// <summary>The path as WMI writes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(CommonLength);
        if (Server is not null)
        {
            text.Append(@"\\").Append(Server).Append('\\');
        }

        if (Namespace is not null)
        {
            text.Append(Namespace).Append(':');
        }

        return AppendRelativePath(text, this).ToString();
    }

    private static bool SameOrAbsent(string? a, string? b)
        => a is null || b is null || string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string RelativePath(CimObjectPath path) => AppendRelativePath(new StringBuilder(CommonLength), path).ToString();

    private static StringBuilder AppendRelativePath(StringBuilder text, CimObjectPath path)
    {
        text.Append(path.ClassName);
        var separator = '.';
        foreach (var (name, value) in path._keys)
        {
            AppendKey(text.Append(separator).Append(name).Append('='), value);
            separator = ',';
        }

        return text;
    }

    private static void AppendKey(StringBuilder text, object value) => _ = value switch
    {
        string s => text.Append('"').Append(s.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"'),
        bool b => text.Append(b ? "TRUE" : "FALSE"),
        IFormattable f => text.Append(f.ToString(null, CultureInfo.InvariantCulture)),
        _ => throw new InvalidOperationException($"A CIM key cannot be a {value.GetType().Name}."),
    };
}
