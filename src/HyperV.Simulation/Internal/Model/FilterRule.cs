using System.Globalization;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>When a value satisfies a filter: text without regard to case, as WQL compares it, numbers by their value.</summary>
internal static class FilterRule
{
    public static bool Holds(CimFilter filter, object? value) => (value, filter.Value) switch
    {
        (string actual, string wanted) => string.Equals(actual, wanted, StringComparison.OrdinalIgnoreCase),
        (bool actual, bool wanted) => actual == wanted,
        (IConvertible actual and not (string or bool), IConvertible wanted and not (string or bool))
            => Convert.ToDecimal(actual, CultureInfo.InvariantCulture) == Convert.ToDecimal(wanted, CultureInfo.InvariantCulture),
        _ => false,
    };
}
