namespace HostAgent.Campaigns.Spec;

/// <summary>What must hold after a wave before the next one starts.</summary>
/// <param name="Approvers">Of whom one must approve; empty for nobody.</param>
/// <param name="Soak">How long is waited after the wave's last item became terminal.</param>
public sealed record GateSpec(IReadOnlyList<string> Approvers, TimeSpan Soak);
