using System.Diagnostics.CodeAnalysis;

namespace HostAgent.HyperV.VirtualMachines;

/// <summary>The GUID of a virtual machine, the key <c>Msvm_ComputerSystem.Name</c>. Written in upper case, as Hyper-V does.</summary>
/// <param name="Value">The GUID.</param>
public readonly record struct VirtualMachineId(Guid Value)
{
    /// <summary>Reads the 8-4-4-4-12 form, in any case.</summary>
    /// <exception cref="FormatException">The text is not a GUID in that form.</exception>
    public static VirtualMachineId Parse(string text)
        => TryParse(text, out var id)
            ? id
            : throw new FormatException($"'{text}' is not a virtual machine id: expected a GUID in the form XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX.");

    /// <summary>Reads the 8-4-4-4-12 form, in any case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VirtualMachineId id)
    {
        var good = Guid.TryParseExact(text, "D", out var guid);
        id = new VirtualMachineId(guid);
        return good;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D").ToUpperInvariant();
}
