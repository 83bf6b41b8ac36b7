using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests;

public class OperationIdTests
{
    [Fact]
    public void Of_is_the_version_5_uuid_of_item_and_attempt_in_the_campaigns_name_space()
        // uuid.uuid5(uuid.UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), 'www.example.com/1') in Python.
        => OperationId.Of(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com", 1).ToString().ShouldBe("c8cc6f23-e7c3-5866-92a6-bc3d6d441fce");

    [FsCheck.Xunit.Property]
    public bool Of_differs_between_attempts(Guid campaign, FsCheck.PositiveInt attempt)
        => OperationId.Of(campaign, "a", attempt.Get) != OperationId.Of(campaign, "a", attempt.Get + 1);

    [FsCheck.Xunit.Property]
    public bool Fraction_lies_from_zero_to_below_one(Guid operation) => OperationId.Fraction(operation) is >= 0 and < 1;
}
