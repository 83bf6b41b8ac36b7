using System.Collections.Frozen;

namespace HostAgent.Hosting;

/// <summary>
/// Maps an enum of ours to the one of the contract by the names of its members. A cast by number means another thing as soon as somebody
/// inserts a member; here a member without a namesake fails the first time that the pair is used, naming it.
/// </summary>
public static class EnumNames
{
    /// <summary>The namesake.</summary>
    /// <param name="value">A member.</param>
    /// <typeparam name="TFrom">Ours.</typeparam>
    /// <typeparam name="TTo">The other, which has every name of ours.</typeparam>
    /// <returns>The member of the other enum.</returns>
    /// <exception cref="KeyNotFoundException">It is no member.</exception>
    public static TTo Of<TFrom, TTo>(TFrom value)
        where TFrom : struct, Enum
        where TTo : struct, Enum
        => Namesakes<TFrom, TTo>.All[value];

    /// <summary>The namesake of a value that somebody else has made up.</summary>
    /// <param name="value">Any value.</param>
    /// <typeparam name="TFrom">Ours.</typeparam>
    /// <typeparam name="TTo">The other, which has every name of ours.</typeparam>
    /// <returns>The member of the other enum; its 0, which is UNSPECIFIED in contracts, for what is no member.</returns>
    public static TTo OfAny<TFrom, TTo>(TFrom value)
        where TFrom : struct, Enum
        where TTo : struct, Enum
        => Namesakes<TFrom, TTo>.All.GetValueOrDefault(value);

    private static class Namesakes<TFrom, TTo>
        where TFrom : struct, Enum
        where TTo : struct, Enum
    {
        public static readonly FrozenDictionary<TFrom, TTo> All = Enum.GetNames<TFrom>()
            .ToDictionary(Enum.Parse<TFrom>, name => Enum.TryParse<TTo>(name, out var namesake)
                ? namesake
                : throw new InvalidOperationException($"{typeof(TTo).FullName} has no {name}, which {typeof(TFrom).FullName} has."))
            .ToFrozenDictionary();
    }
}
