"""The environments of the suite, one room each (``blendgym.registry``); shared_parameters.py has what they share."""
