namespace HostAgent.Agent.Configuration;

/// <summary>What the setting of the boot guard may be.</summary>
internal static class BootGuardNames
{
    /// <summary>The agent leaves the machines' startup as it is.</summary>
    public const string Off = "off";

    /// <summary>Replicated machines start late, and those that were handed over do not start by themselves: rather none than two.</summary>
    public const string Hold = "hold";

    /// <summary>Replicated machines start late, and those that were handed over start unless somebody fences them first: rather two than none.</summary>
    public const string Start = "start";
}
