namespace HostAgent.HyperV.Cim;

/// <summary>
/// Compares the forms in which Windows writes a computer name: NetBIOS name (at most 15 characters), host name, or full DNS name,
/// in any case.
/// </summary>
public static class ComputerName
{
    private const int NetBiosLength = 15;

    /// <summary>Whether a name can be a form of this computer's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="computer">The computer's name, in any form.</param>
    public static bool IsOf(string name, string computer)
    {
        var one = Label(name);
        var other = Label(computer);
        return one.Equals(other, StringComparison.OrdinalIgnoreCase)
            || ((one.Length == NetBiosLength || other.Length == NetBiosLength) && Short(one).Equals(Short(other), StringComparison.OrdinalIgnoreCase));
    }

    private static ReadOnlySpan<char> Label(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name.AsSpan(0, dot) : name;

    private static ReadOnlySpan<char> Short(ReadOnlySpan<char> label) => label.Length > NetBiosLength ? label[..NetBiosLength] : label;
}
