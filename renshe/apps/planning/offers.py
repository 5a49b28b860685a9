"""What planning gives the platform: nothing runs through it but its pages; targets register their indicators themselves."""

INDICATORS = ()
