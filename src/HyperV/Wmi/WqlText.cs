using System.Globalization;
using System.Text;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>Builds all WQL. Values are escaped and names validated: outside input never becomes query text.</summary>
internal static class WqlText
{
    public static string Select(string className, IReadOnlyList<CimFilter> filters)
    {
        var text = new StringBuilder("SELECT * FROM ").Append(Name(className));
        for (var i = 0; i < filters.Count; i++)
        {
            text.Append(i == 0 ? " WHERE " : " AND ").Append(PropertyName(filters[i].Property)).Append('=').Append(Literal(filters[i]));
        }

        return text.ToString();
    }

    public static string Associators(CimObjectPath source, string associationClass, string resultClass)
        => $"ASSOCIATORS OF {{{source}}} WHERE AssocClass={Name(associationClass)} ResultClass={Name(resultClass)}";

    public static string Watch(string className, TimeSpan within)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT * FROM __InstanceOperationEvent WITHIN {Math.Max(within.TotalSeconds, 0.001):0.###} WHERE TargetInstance ISA '{Name(className)}'");
    }

    private static string Literal(CimFilter filter) => filter.Value switch
    {
        string text => Quoted(text),
        bool flag => flag ? "TRUE" : "FALSE",
        DateTimeOffset time => Quoted(CimDateTime.Format(time)),
        CimObjectPath path => Quoted(path.ToString()),
        byte or sbyte or short or ushort or int or uint or long or ulong
            => Convert.ToString(filter.Value, CultureInfo.InvariantCulture)!,
        _ => throw new ArgumentException($"A filter on {filter.Property} cannot compare with a {filter.Value.GetType().Name}.", nameof(filter)),
    };

    private static string Quoted(string text)
        => "'" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal) + "'";

    // A property of an embedded instance is addressed through the property that contains it.
    private static string PropertyName(string name) => string.Join('.', name.Split('.').Select(Name));

    private static string Name(string name)
        => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : throw new ArgumentException($"'{name}' is not the name of a class or property.", nameof(name));
}
