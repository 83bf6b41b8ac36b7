using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Replication;

/// <summary>
/// The key of a relationship and of its settings, <c>Microsoft:&lt;GUID&gt;\HVR\&lt;0 or 1&gt;</c>: 0 is the primary relationship, 1 the extended
/// one. Windows 8 and Server 2012 omit the number; they have the primary relationship only.
/// </summary>
/// <param name="VirtualMachine">The machine.</param>
/// <param name="IsExtended">Whether it is the extended relationship.</param>
public readonly record struct ReplicationInstanceId(VirtualMachineId VirtualMachine, bool IsExtended)
{
    private const string Prefix = "Microsoft:";
    private const string Suffix = @"\HVR";
    private const int GuidLength = 36;

    /// <summary>Reads the key.</summary>
    /// <returns>False when the text is not such a key.</returns>
    public static bool TryParse(string? text, out ReplicationInstanceId id)
    {
        id = default;
        if (text is null || text.Length < Prefix.Length + GuidLength
            || !text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || !VirtualMachineId.TryParse(text.Substring(Prefix.Length, GuidLength), out var machine))
        {
            return false;
        }

        switch (text[(Prefix.Length + GuidLength)..].ToUpperInvariant())
        {
            case Suffix or Suffix + @"\0":
                id = new(machine, IsExtended: false);
                return true;
            case Suffix + @"\1":
                id = new(machine, IsExtended: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The key as Windows 8.1 and later write it.</summary>
    public override string ToString() => $@"{Prefix}{VirtualMachine}{Suffix}\{(IsExtended ? 1 : 0)}";
}
