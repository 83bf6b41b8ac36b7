namespace HostAgent.Coordinator.Dispatch;

/// <summary>The campaign that is dispatched for.</summary>
/// <param name="Uid">Its identity towards the agents.</param>
/// <param name="Name">Its resource name, for the log.</param>
internal sealed record DispatchedCampaign(Guid Uid, string Name);
