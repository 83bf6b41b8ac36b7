namespace HostAgent.Coordinator.Inventory;

/// <summary>A Hyper-V host as the inventory names it.</summary>
/// <param name="Name">Its name; unique without regard to case, and the name in its agent's certificate.</param>
/// <param name="Address">Where its agent listens, https://host:port.</param>
/// <param name="Site">The site it stands on; empty when not said.</param>
/// <param name="PrimarySite">The site its machines go back to; empty when not said.</param>
/// <param name="Tenant">Whose it is; empty when not said.</param>
/// <param name="Labels">Labels for selectors.</param>
internal sealed record InventoryHost(
    string Name,
    Uri Address,
    string Site,
    string PrimarySite,
    string Tenant,
    IReadOnlyDictionary<string, string> Labels);
