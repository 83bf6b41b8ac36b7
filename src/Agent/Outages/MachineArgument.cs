using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Outages;

/// <summary>The machine that a command names by its first word.</summary>
internal static class MachineArgument
{
    /// <summary>Takes it, and leaves the switches.</summary>
    /// <param name="args">What follows the verb.</param>
    /// <param name="errors">Receives a line when the word is no GUID.</param>
    public static (VirtualMachineId? Machine, string[] Others) Take(string[] args, List<string> errors)
    {
        if (args is not [var word, .. var others] || word.StartsWith("--", StringComparison.Ordinal))
        {
            return (null, args);
        }

        if (VirtualMachineId.TryParse(word, out var id))
        {
            return (id, others);
        }

        errors.Add($"The machine is '{word}'; it must be the GUID of a virtual machine.");
        return (null, others);
    }
}
