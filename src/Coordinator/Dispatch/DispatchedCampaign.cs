namespace HostAgent.Coordinator.Dispatch;

/// <summary>The campaign that is dispatched for.</summary>
/// <param name="Uid">Its identity towards the agents.</param>
/// <param name="Name">Its resource name, for the log.</param>
/// <param name="Instance">This process, as the agents tell it from another one.</param>
internal sealed record DispatchedCampaign(Guid Uid, string Name, Guid Instance);
