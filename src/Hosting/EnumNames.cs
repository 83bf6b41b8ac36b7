using System.Collections.Frozen;

namespace HostAgent.Hosting;

/// <summary>
/// Maps an enum of ours to the one of the contract by the names of its members. A cast by number changes its meaning as soon as a member is
/// inserted; here a member without a namesake fails the first time that the pair is used, naming it.
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

    /// <summary>The namesake of a value that may not be a member.</summary>
    /// <param name="value">Any value.</param>
    /// <typeparam name="TFrom">Ours.</typeparam>
    /// <typeparam name="TTo">The other, which has every name of ours.</typeparam>
    /// <returns>The member of the other enum; its 0, which is UNSPECIFIED in contracts, for what is no member.</returns>
    public static TTo OfAny<TFrom, TTo>(TFrom value)
        where TFrom : struct, Enum
        where TTo : struct, Enum
        => Namesakes<TFrom, TTo>.All.GetValueOrDefault(value);

    /// <summary>The member of ours that a value of the contract is the namesake of.</summary>
    /// <param name="value">Any value.</param>
    /// <typeparam name="TTo">Ours.</typeparam>
    /// <typeparam name="TFrom">The other, which has every name of ours.</typeparam>
    /// <returns>Our member; null when we have no such name.</returns>
    public static TTo? Back<TTo, TFrom>(TFrom value)
        where TTo : struct, Enum
        where TFrom : struct, Enum
        => Namesakes<TTo, TFrom>.Back.TryGetValue(value, out var ours) ? ours : null;

    /// <summary>The member with a name that another process has sent.</summary>
    /// <param name="name">The name; a number is none.</param>
    /// <typeparam name="T">The enum.</typeparam>
    /// <returns>The member; null when there is none of this name.</returns>
    public static T? Named<T>(string name)
        where T : struct, Enum
        => Namesakes<T, T>.ByName.TryGetValue(name, out var member) ? member : null;

    private static class Namesakes<TFrom, TTo>
        where TFrom : struct, Enum
        where TTo : struct, Enum
    {
        public static readonly FrozenDictionary<TFrom, TTo> All = Enum.GetNames<TFrom>()
            .ToDictionary(Enum.Parse<TFrom>, name => Enum.TryParse<TTo>(name, out var namesake)
                ? namesake
                : throw new InvalidOperationException($"{typeof(TTo).FullName} has no {name}, which {typeof(TFrom).FullName} has."))
            .ToFrozenDictionary();

        public static readonly FrozenDictionary<TTo, TFrom> Back = All.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

        public static readonly FrozenDictionary<string, TFrom> ByName = All.ToFrozenDictionary(pair => pair.Key.ToString(), pair => pair.Key, StringComparer.Ordinal);
    }
}
