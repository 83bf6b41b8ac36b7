using HostAgent.Agent.Wire;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>The platform's parser forgives white space around a UUID, so two spellings of one id passed the contract's check.</summary>
public sealed class UuidWithSpacesTests
{
    [Fact]
    public void Uuid_with_a_space_around_it_is_an_error()
    {
        var errors = new FieldErrors();
        errors.Uuid("operation_id", " 6f9619ff-8b86-d011-b42d-00c04fc964ff");

        Should.Throw<Transport.RpcFailure>(errors.ThrowIfAny).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("operation_id");
    }
}
