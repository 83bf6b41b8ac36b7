namespace HostAgent.Coordinator.Store;

/// <summary>A campaign of that id is stored already.</summary>
internal sealed class CampaignExistsException(string id) : Exception($"A campaign '{id}' exists already.");
