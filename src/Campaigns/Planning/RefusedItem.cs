namespace HostAgent.Campaigns.Planning;

/// <summary>A machine that is not part of the plan although it was selected.</summary>
/// <param name="Host">The host's name; empty when no host has it.</param>
/// <param name="VirtualMachineId">Its GUID; null when not known.</param>
/// <param name="VirtualMachineName">Its name, or the id that was not found.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedItem(string Host, Guid? VirtualMachineId, string VirtualMachineName, string Reason);
