namespace HostAgent.Campaigns.Planning;

/// <summary>Why a valid document cannot be planned.</summary>
public enum PlanProblemKind
{
    /// <summary>Nothing is left to fail back.</summary>
    NoItems,

    /// <summary>Items wait for each other.</summary>
    DependencyCycle,

    /// <summary>An item waits for one of a later wave, which would never start.</summary>
    DependencyOrder,
}
