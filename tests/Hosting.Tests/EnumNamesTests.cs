namespace HostAgent.Hosting.Tests;

public sealed class EnumNamesTests
{
    private enum Ours
    {
        Late,
        Early,
    }

    private enum Contract
    {
        Unspecified,
        Early,
        Late,
    }

    private enum Poor
    {
        Unspecified,
        Early,
    }

    [Fact]
    public void A_member_is_mapped_by_its_name_in_both_directions()
    {
        EnumNames.Of<Ours, Contract>(Ours.Late).ShouldBe(Contract.Late);
        EnumNames.Back<Ours, Contract>(Contract.Late).ShouldBe(Ours.Late);
    }

    [Fact]
    public void What_we_do_not_have_is_nothing()
    {
        EnumNames.Back<Ours, Contract>(Contract.Unspecified).ShouldBeNull();
        EnumNames.Back<Ours, Contract>((Contract)99).ShouldBeNull();
        EnumNames.OfAny<Ours, Contract>((Ours)99).ShouldBe(Contract.Unspecified);
        Should.Throw<KeyNotFoundException>(() => EnumNames.Of<Ours, Contract>((Ours)99));
    }

    [Fact]
    public void A_sent_name_is_a_name_and_no_number()
    {
        EnumNames.Named<Ours>("Early").ShouldBe(Ours.Early);
        EnumNames.Named<Ours>("early").ShouldBeNull();
        EnumNames.Named<Ours>("1").ShouldBeNull();
    }

    [Fact]
    public void A_pair_without_a_namesake_fails_the_first_time_it_is_used()
        => Should.Throw<TypeInitializationException>(() => EnumNames.Of<Ours, Poor>(Ours.Early)).InnerException!.Message.ShouldContain("has no Late");
}
