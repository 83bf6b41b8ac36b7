using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Internal.Documents;

/// <summary>The values of an enumeration by their names in documents: as in code, with a small first letter.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues<T>().ToDictionary(NameOf, value => value);

    public static T? Read(Field field) => field.Choice(ByName);

    public static string NameOf(T value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
