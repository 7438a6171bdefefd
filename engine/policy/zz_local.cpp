namespace entrepot { int zz_policy_placeholder = 0; }
