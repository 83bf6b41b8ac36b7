namespace HostAgent.Coordinator.Store;

/// <summary>What is known of a campaign from its creation on. It never changes, but for the document until the campaign is started.</summary>
/// <param name="Uid">Its identity, also towards the agents.</param>
/// <param name="Id">The id in its resource name; unique.</param>
/// <param name="Document">The document as its author wrote it; the newest, when it was replaced.</param>
/// <param name="Source">How the document is called in messages.</param>
/// <param name="CreatedBy">Who created it, by which certificate.</param>
/// <param name="CreateTime">When it was created.</param>
internal sealed record NewCampaign(Guid Uid, string Id, string Document, string Source, string CreatedBy, DateTimeOffset CreateTime);
