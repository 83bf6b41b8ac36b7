namespace HostAgent.Agent.Configuration;

/// <summary>What the setting of the boot guard may be.</summary>
internal static class BootGuardNames
{
    /// <summary>Nothing is done at the start.</summary>
    public const string Off = "off";

    /// <summary>Machines that were handed over get no startup action.</summary>
    public const string Hold = "hold";
}
